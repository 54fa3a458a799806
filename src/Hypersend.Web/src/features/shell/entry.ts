/** Everything behind the sign-in that is on the screen first: one lazy module. */
export { Home } from "./Home";
