import type { Transfer } from "../model";
import type { BegunUpload } from "./stored";

/** What the transfers of my tabs tell each other. */
export type TransferWord =
  | { readonly kind: "begun"; readonly id: string; readonly upload: BegunUpload }
  | { readonly kind: "is"; readonly transfer: Transfer }
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "who" }
  | { readonly kind: "ask"; readonly id: string; readonly what: "pause" | "resume" | "cancel" };
