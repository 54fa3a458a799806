import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import { Problem } from "../../core/problem";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { EntryPage } from "./EntryPage";
import { required } from "./fieldErrors";
import { Form } from "./Form";

/** The second step of logging in: a code from the app, or a recovery code. */
export function TotpStep({ busy, error, onCode, onOther, onBack }: {
  busy: boolean;
  error: unknown;
  onCode: (code: string) => void;
  /** What was wrong with one kind of code says nothing about the other. */
  onOther: () => void;
  onBack: () => void;
}) {
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string>();
  return (
    <EntryPage title={t("totp.title")} text={t(recovery ? "totp.recoveryText" : "totp.text")}>
      <Form
        onSubmit={() => {
          const found = required(code);
          setFault(found);
          if (!found) onCode(code.replace(/\s/g, ""));
          return !found;
        }}
      >
        <ErrorNotice text={error ? codeError(error) : null} />
        <Field
          key={String(recovery)}
          label={t(recovery ? "totp.recoveryCode" : "totp.code")}
          name="totp"
          value={code}
          onInput={setCode}
          code
          focus
          inputMode={recovery ? "text" : "numeric"}
          autoComplete={recovery ? "off" : "one-time-code"}
          error={fault}
        />
        <Button submit wide busy={busy}>{t("action.continue")}</Button>
      </Form>
      <div class="entry-links">
        <Button
          kind="text"
          onClick={() => {
            setRecovery(!recovery);
            setCode("");
            setFault(undefined);
            onOther();
          }}
        >
          {t(recovery ? "totp.useApp" : "totp.useRecovery")}
        </Button>
        <Button kind="text" onClick={onBack}>{t("action.toLogin")}</Button>
      </div>
    </EntryPage>
  );
}

/** In this step the password was right already, so a refusal speaks of the code. */
function codeError(error: unknown): string {
  const wrong = error instanceof Problem && ["totp_required", "invalid_credentials"].includes(error.code);
  return wrong ? t("error.invalid_code") : errorText(error);
}
