// Swagger UI on this service's own contract. Its validator's badge is off: it would tell another host of every visit.

SwaggerUIBundle({
  url: "openapi.yaml",
  dom_id: "#swagger-ui",
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  supportedSubmitMethods: ["get", "post", "delete"],
});
