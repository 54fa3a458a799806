import { useState } from "preact/hooks";
import { errorText, own, t } from "../../app";
import type { TotpSetup } from "../../core/api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";
import { required } from "./fieldErrors";
import { Form } from "./Form";
import { QrCode } from "./QrCode";
import { RecoveryCodes } from "./RecoveryCodes";
import { Card, WhenLoaded } from "./Section";
import { SecretText } from "./SecretText";

/** Off -> set up (key, code) -> recovery codes once -> on -> off. */
export function TwoStepCard() {
  // `totp_enabled` is told to oneself by /auth/me only, so it is asked for here.
  const [loaded, { set, reload }] = useLoaded(async () => (await own.me()).totp_enabled === true);
  const [setUp, setSetUp] = useState<TotpSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = useTask(async () => setSetUp(await own.setUpTotp()));
  return (
    <WhenLoaded loaded={loaded} reload={reload}>
      {(on) => (
        <Card
          title={t("totp.title")}
          badge={<span class={on ? "badge on" : "badge"}>{t(on ? "twostep.on" : "twostep.off")}</span>}
        >
          <p class="soft">{t(on ? "twostep.onText" : "twostep.text")}</p>
          {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />}
          {on && !codes && (
            <CodeForm
              text={t("twostep.disable.text")}
              label={t("twostep.code")}
              submit={t("twostep.disable")}
              onCode={async (code) => {
                await own.disableTotp(code);
                set(false);
                toast(t("twostep.disabled"));
              }}
            />
          )}
          {!on && !setUp && (
            <>
              <ErrorNotice text={begin.error ? errorText(begin.error) : null} />
              <Button kind="tonal" busy={begin.busy} onClick={() => begin.run()}>{t("twostep.setup")}</Button>
            </>
          )}
          {!on && setUp && (
            <>
              <h4>{t("twostep.add")}</h4>
              <QrCode text={setUp.uri} label={t("twostep.scan")} />
              <SecretText label={t("twostep.secret")} text={setUp.secret} />
              <SecretText label={t("twostep.uri")} text={setUp.uri} />
              <a class="button text" href={setUp.uri}>{t("twostep.open")}</a>
              <CodeForm
                text={t("twostep.confirm")}
                label={t("totp.code")}
                submit={t("twostep.enable")}
                onCancel={() => setSetUp(null)}
                onCode={async (code) => {
                  const answer = await own.enableTotp(code);
                  setCodes(answer.recovery_codes);
                  setSetUp(null);
                  set(true);
                  toast(t("twostep.enabled"));
                }}
              />
            </>
          )}
        </Card>
      )}
    </WhenLoaded>
  );
}

function CodeForm({ text, label, submit, onCode, onCancel }: {
  text: string;
  label: string;
  submit: string;
  onCode: (code: string) => Promise<void>;
  onCancel?: () => void;
}) {
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string>();
  const task = useTask(async () => {
    await onCode(code.replace(/\s/g, ""));
    setCode("");
  });
  return (
    <Form
      onSubmit={() => {
        const found = required(code);
        setFault(found);
        if (!found) task.run();
        return !found;
      }}
    >
      <p>{text}</p>
      <ErrorNotice text={task.error ? errorText(task.error) : null} />
      <Field
        label={label}
        name="totp"
        value={code}
        onInput={setCode}
        autoComplete="one-time-code"
        error={fault}
        code
      />
      <div class="row">
        <Button submit kind="tonal" busy={task.busy}>{submit}</Button>
        {onCancel && <Button kind="text" onClick={onCancel}>{t("action.cancel")}</Button>}
      </div>
    </Form>
  );
}
