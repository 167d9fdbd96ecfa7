/** Types of both clients, generated from the storefront API's committed schema (never committed themselves). */
import { existsSync } from "node:fs";
import type { CodegenConfig } from "@graphql-codegen/cli";

const printed = "storefront_api/schema.graphql";
const agreedAdditions = "extend type Pickup { orderId: ID! } extend input PosSaleInput { orderId: ID }";
const schema = existsSync(printed) ? printed : ["../shared/contract/storefront.graphql", agreedAdditions];

const client = (folder: string) => ({
  documents: [`${folder}/src/**/*.{ts,tsx}`, `!${folder}/src/gql/**`],
  preset: "client" as const,
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: "string",
    enumsAsTypes: true,
    useTypeImports: true,
    defaultScalarType: "string",
    scalars: { Decimal: "string", DateTime: "string", Date: "string" },
  },
});

const config: CodegenConfig = {
  schema,
  ignoreNoDocuments: true,
  generates: {
    "web_client/src/gql/": client("web_client"),
    "pos_client/src/gql/": client("pos_client"),
  },
};

export default config;
