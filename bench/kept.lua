-- pandoc kept: one process for all articles, as pandoc-server works. It answers like bench/resident.py: a line of JSON in, a line out.
--
-- usage: pandoc lua bench/kept.lua

local templates = {}

local function template_of(format)
  templates[format] = templates[format] or pandoc.template.compile(pandoc.template.default(format))
  return templates[format]
end

local function convert(article, out)
  local source = assert(io.open(article, 'rb'))
  local document = pandoc.read(source:read('a'), 'gfm')
  source:close()
  local format = out:match('%.(%a+)$')
  local _, made = pandoc.log.silence(pandoc.write, document, format, { template = template_of(format) })
  local target = assert(io.open(out, 'wb'))
  target:write(made)
  target:close()
end

for line in io.lines() do
  local request = pandoc.json.decode(line, false)
  local done, message = pcall(convert, request.article, request.out)
  io.write(done and '{}' or pandoc.json.encode({ error = tostring(message) }), '\n')
  io.flush()
end
