import { render } from "preact";
import { askServer, firstLanguage, session, speak } from "./app";
import { Shell } from "./Shell";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";

async function begin(): Promise<void> {
  // All three at once; only the words are waited for, since no screen can be drawn without them.
  void session.start();
  void askServer();
  await speak(firstLanguage(), false).catch(() => speak("en", false));
  render(<Shell />, document.getElementById("app")!);
}

void begin();
