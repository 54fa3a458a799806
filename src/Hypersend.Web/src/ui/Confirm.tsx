import { signal } from "@preact/signals";
import { t } from "../app";
import { onLeaving } from "../personal";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface Question {
  title: string;
  text: string;
  action: string;
  /** The way back, where "Cancel" would be said of both. */
  keep?: string;
  danger?: boolean;
  answer: (yes: boolean) => void;
}

const asked = signal<Question | null>(null);
// Whoever waits for the answer gets one.
onLeaving(() => asked.peek()?.answer(false));

/** Asks before something that cannot be taken back; false when the person turns away. */
export function confirm(question: Omit<Question, "answer">): Promise<boolean> {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

export function Confirmations() {
  const question = asked.value;
  if (!question) return null;
  return (
    <Dialog asks title={question.title} onClose={() => question.answer(false)}>
      <p>{question.text}</p>
      <div class="row">
        <Button kind="text" onClick={() => question.answer(false)}>{question.keep ?? t("action.cancel")}</Button>
        <Button danger={question.danger ?? false} onClick={() => question.answer(true)}>{question.action}</Button>
      </div>
    </Dialog>
  );
}
