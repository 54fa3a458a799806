import { i18n, t } from "../app";
import { languages } from "../core/languages";
import { Select } from "./Select";

const choices = languages.map((language) => ({ value: language.code, text: language.name, lang: language.code }));

export function LanguageSelect({ hideLabel, onChange }: { hideLabel?: boolean; onChange: (code: string) => void }) {
  return (
    <Select
      label={t("field.language")}
      hideLabel={hideLabel ?? false}
      value={i18n.language.value.code}
      choices={choices}
      onChange={onChange}
    />
  );
}
