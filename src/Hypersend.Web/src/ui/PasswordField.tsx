import { useState } from "preact/hooks";
import { t } from "../app";
import { lengthOf, longestPassword, shortestPassword, strengthOf } from "../core/password";
import { IconButton } from "./Button";
import { Field } from "./Field";

interface PasswordFieldProps {
  label: string;
  name?: string;
  value: string;
  onInput: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
  /** A password being chosen: the strength is shown, and the browser may offer one. */
  fresh?: boolean;
  /** Words that must not be in it (username, e-mail). */
  own?: readonly string[];
}

export function PasswordField({ label, name = "password", value, onInput, error, hint, fresh, own }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const level = fresh && value ? strengthOf(value, own) : undefined;
  return (
    <Field
      label={label}
      name={name}
      value={value}
      onInput={onInput}
      type={shown ? "text" : "password"}
      autoComplete={fresh ? "new-password" : "current-password"}
      error={error}
      hint={fresh ? hintFor(value, level) : hint}
      below={fresh && (
        <div class="strength" data-level={level} aria-hidden="true"><i /><i /><i /><i /></div>
      )}
      after={
        <IconButton
          icon={shown ? "eyeOff" : "eye"}
          label={t(shown ? "password.hide" : "password.show")}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}

function hintFor(value: string, level: ReturnType<typeof strengthOf> | undefined): string {
  const missing = shortestPassword - lengthOf(value);
  if (!level) return t("password.rule");
  return missing > 0 ? t("password.missing", { count: missing }) : t(`password.${level}`);
}

/** What is wrong with a chosen password before the server is asked; undefined when nothing is. */
export function passwordFault(value: string): string | undefined {
  const length = lengthOf(value);
  if (length === 0) return t("field.required");
  if (length < shortestPassword) return t("password.missing", { count: shortestPassword - length });
  return length > longestPassword ? t("password.long") : undefined;
}
