/** Types of both clients, generated from the storefront API's committed schema (never committed themselves). */
import type { CodegenConfig } from "@graphql-codegen/cli";

// Documents of both clients lie in one folder; their `@gql` is the types of the client that is built.
const client = (folder: string) => ({
  documents: [`${folder}/src/**/*.{ts,tsx}`, "web_client/src/shared/documents/*.ts", `!${folder}/src/gql/**`],
  preset: "client" as const,
  // `npm run persist` copies the manifests to storefront_api/persisted/, where the API finds them.
  presetConfig: {
    fragmentMasking: false,
    persistedDocuments: { mode: "embedHashInDocument" as const, hashAlgorithm: "sha256" as const },
  },
  config: {
    documentMode: "string",
    enumsAsTypes: true,
    useTypeImports: true,
    defaultScalarType: "string",
    scalars: { Decimal: "string", DateTime: "string", Date: "string" },
  },
});

const config: CodegenConfig = {
  schema: "storefront_api/schema.graphql",
  ignoreNoDocuments: true,
  generates: {
    "web_client/src/gql/": client("web_client"),
    "pos_client/src/gql/": client("pos_client"),
  },
};

export default config;
