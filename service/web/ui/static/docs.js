// Swagger UI on this service's own contract. Its validator's badge is off: it would tell another host of every visit.

// Swagger UI fills a field without a default or an example with the word "string" or the first choice, and sends it. The
// contract has no defaults, because clients that are generated from it would send them. So the fields of a form get here
// the default that their description names. The member `options` of a form repeats the fields next to it and is left out.
const DEFAULT = /Default: ([\w/-]+(?:\.[\w/-]+)*)\.(?: |$)/; // one word; others are the rules of a profile

function withDefaults(schema) {
  for (const part of schema.allOf ?? []) {
    if (part.properties) delete part.properties.options;
  }
  const optional = Object.entries(schema.properties ?? {}).filter(([name]) => !schema.required?.includes(name));
  for (const [name, property] of optional) {
    if (property.type !== "object" && property.type !== "array") {
      schema.properties[name] = { ...property, default: DEFAULT.exec(property.description ?? "")?.[1] ?? "" };
    }
  }
}

const plugin = () => ({
  statePlugins: { spec: { wrapActions: { updateJsonSpec: (original) => (spec) => {
    Object.values(spec.components?.schemas ?? {}).forEach(withDefaults);
    return original(spec);
  } } } },
});

function withoutEmptyFields(request) {
  if (request.body instanceof FormData) {
    const fields = new FormData();
    for (const [name, value] of request.body.entries()) {
      if (value !== "" && value !== "{}" && !(name === "asset" && value === "string")) fields.append(name, value);
    }
    request.body = fields;
  }
  return request;
}

SwaggerUIBundle({
  url: "openapi.yaml",
  plugins: [plugin],
  requestInterceptor: withoutEmptyFields,
  dom_id: "#swagger-ui",
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  supportedSubmitMethods: ["get", "post", "delete"],
});
