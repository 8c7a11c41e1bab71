-- The warm pandoc: answers frames on standard input until it ends. service/engines/pandoc/process.py is the other side.
--
-- A frame is a four-byte big-endian length, a JSON header of that length, and the blobs whose sizes are in
-- header.sizes. Reading happens in pandoc's own sandbox (the last argument of pandoc.read); pandoc.write has none,
-- so the caller sees to it that nothing but media-bag names is left in the AST, and the operating system's sandbox
-- stands behind that.

io.stdin:setvbuf('full')
io.stdout:setvbuf('full')

local function receive()
  local head = io.read(4)
  if head == nil or #head < 4 then return nil end
  local header = pandoc.json.decode(io.read((string.unpack('>I4', head))), false)
  local blobs = {}
  for index, size in ipairs(header.sizes) do
    blobs[index] = size > 0 and io.read(size) or ''
  end
  return header, blobs
end

local function send(header, blobs)
  header.sizes = {}
  for index, blob in ipairs(blobs) do header.sizes[index] = #blob end
  header.count = #blobs
  local text = pandoc.json.encode(header)
  io.write(string.pack('>I4', #text), text, table.unpack(blobs))
  io.flush()
end

local function reader_options(given)
  local options = pandoc.ReaderOptions(given or {})
  return options
end

local operations = {}
local STYLE = 'style.csl'

-- What was read last, until something is written: of its blocks those that no one changed need not be sent again.
local reading = nil

-- text → JSON AST, then the media bag: names and types in the header, bytes as blobs
function operations.read(header, blobs)
  pandoc.mediabag.empty()
  -- its log would go to standard error, a line for each reference that a bomb repeats
  local _, document = pandoc.log.silence(pandoc.read, blobs[1], header.format, reader_options(header.options), {})
  reading = document
  local answer, parts = { names = {}, types = {} }, { pandoc.write(document, 'json') }
  for name, mime, data in pandoc.mediabag.items() do
    answer.names[#answer.names + 1] = name
    answer.types[#answer.types + 1] = mime or ''
    parts[#parts + 1] = data
  end
  pandoc.mediabag.empty()
  return answer, parts
end

-- For each block of a document its place in the last reading, or 0 for the next one that was sent
local function together(places, sent)
  local kept, blocks, at = reading.blocks, {}, 0
  for index, place in ipairs(places) do
    if place == 0 then at = at + 1 end
    blocks[index] = place == 0 and sent[at] or kept[place]
  end
  return blocks
end

-- JSON AST and media → the bytes of a format
function operations.write(header, blobs)
  pandoc.mediabag.empty()
  for index, name in ipairs(header.names or {}) do
    pandoc.mediabag.insert(name, header.types[index], blobs[index + 1])
  end
  local document = pandoc.read(blobs[1], 'json')
  if header.places then document = pandoc.Pandoc(together(header.places, document.blocks), document.meta) end
  reading = nil
  local options = pandoc.WriterOptions(header.options or {})
  if header.template then
    options.template = pandoc.template.compile(header.template)
  end
  -- The HTML writer parses the translations of its own words each time, which only pandoc's own templates show: 0.4 ms of 1.5.
  -- A language that has none spares that; the warning about it is not for our log.
  if header.format == 'html5' then document.meta.lang = 'zxx' end
  local _, output = pandoc.log.silence(pandoc.write, document, header.format, options)
  pandoc.mediabag.empty()
  return {}, { output }
end

-- JSON AST and the texts of bibliographies → JSON AST with the citations set and the list of works at its end.
-- The references are parsed here and handed over as data. The style is the last blob and lies in the media bag, where
-- citeproc looks before it opens a file: a sealed worker may write none.
function operations.cite(header, blobs)
  local document = pandoc.read(blobs[1], 'json')
  local references = pandoc.List()
  for index, format in ipairs(header.formats) do
    references:extend(pandoc.read(blobs[index + 1], format, reader_options({}), {}).meta.references or {})
  end
  document.meta.references = references
  local uncited = pandoc.List()
  for _, key in ipairs(header.nocite or {}) do
    uncited:insert(pandoc.Cite({}, { pandoc.Citation(key, 'NormalCitation') }))
  end
  if #uncited > 0 then document.meta.nocite = pandoc.MetaInlines(uncited) end
  if (header.title or '') ~= '' then document.meta['reference-section-title'] = header.title end
  document.meta['link-citations'] = true
  document.meta['suppress-bibliography'] = header.suppress or false
  if header.lang ~= '' then document.meta.lang = header.lang end
  pandoc.mediabag.empty()
  if header.styled then
    pandoc.mediabag.insert(STYLE, 'application/vnd.citationstyles.style+xml', blobs[#blobs])
    document.meta['citation-style'] = STYLE
  end
  local cited = pandoc.write(pandoc.utils.citeproc(document), 'json')
  pandoc.mediabag.empty()
  return {}, { cited }
end

-- what must not be possible, tried: name → whether it was refused. Harmless where it is not.
function operations.attempt(header)
  local outside = header.folder .. '/attempt-of-pandoc'
  local written = io.open(outside, 'w')
  if written then written:close() os.remove(outside) end
  local piped, pipe = pcall(io.popen, 'echo started')
  local fetched, why = pcall(pandoc.mediabag.fetch, 'http://127.0.0.1:9/')
  return {
    ['read /etc/passwd'] = io.open('/etc/passwd') == nil,
    ['write outside'] = written == nil,
    ['start a program'] = os.execute('true') ~= true,
    ['read from a program'] = not (piped and pipe and pipe:read('a') == 'started\n'),
    ['fetch a URL'] = not fetched and tostring(why):find('not permitted', 1, true) ~= nil,
  }, {}
end

function operations.version()
  return { version = tostring(PANDOC_VERSION) }, {}
end

while true do
  local header, blobs = receive()
  if header == nil then break end
  local done, answer, parts = pcall(operations[header.operation], header, blobs)
  if done then
    send(answer, parts)
  else
    send({ error = tostring(answer) }, {})
  end
end
