import { render } from "preact";
import { askServer, firstLanguage, session, speak } from "./app";
import { openAhead } from "./kept";
import { loadHome, Shell } from "./Shell";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";

async function begin(): Promise<void> {
  // All at once; only the words are waited for, since no screen can be drawn without them.
  void session.start();
  const me = session.user.peek();
  if (me) openAhead(me.id);
  void askServer();
  // Whoever was signed in will be again: what they see first comes beside the words. If it does not come, the screen asks once more.
  if (session.state.peek() !== "out") void loadHome().catch(() => {});
  await speak(firstLanguage(), false).catch(() => speak("en", false));
  render(<Shell />, document.getElementById("app")!);
}

void begin();
