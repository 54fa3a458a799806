/** The screens of a person who is not logged in: one lazy module. */
import "./entry.css";

export { ConfirmMail } from "./ConfirmMail";
export { ForgotPassword } from "./ForgotPassword";
export { Login } from "./Login";
export { Register } from "./Register";
export { ResetPassword } from "./ResetPassword";
