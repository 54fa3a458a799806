import { session } from "../../app";
import { adminCalls } from "../../core/admin";

export const admin = adminCalls(session.call);
