import { errorText, server, speak, t } from "../../app";
import { defaultSeed, type Theme } from "../../core/theme";
import { look, showLook } from "../../look";
import { Icon, type IconName } from "../../ui/Icon";
import { LanguageSelect } from "../../ui/LanguageSelect";
import { ErrorNotice } from "../../ui/Notice";
import { Card, WhenLoaded } from "./Section";
import { useSettings } from "./useSettings";

const themes: readonly (readonly [Theme, IconName])[] = [["system", "system"], ["light", "sun"], ["dark", "moon"]];

const swatches = [
  ["teal", "#00696f"],
  ["green", "#3a6a1f"],
  ["red", "#b3261e"],
  ["violet", "#7a3fb5"],
] as const;

/** Choices show at once and are saved behind; when saving fails the screen says so and the choice stays here. */
export function AppearanceSection() {
  const { loaded, reload, error, again, save } = useSettings();
  const show = (theme: Theme, seed: string | null): void => {
    showLook({ theme, seed }, server.value?.brand_color);
    save({ appearance: { theme, seed: seed ?? "" } });
  };
  return (
    <WhenLoaded loaded={loaded} reload={reload}>
      {() => (
        <>
          <ErrorNotice text={error ? errorText(error) : null} onRetry={again} />
          <Card>
            <fieldset class="choices">
              <legend>{t("look.theme")}</legend>
              {themes.map(([theme, icon]) => (
                <label class="choice" key={theme}>
                  <input
                    type="radio"
                    name="theme"
                    value={theme}
                    checked={look.value.theme === theme}
                    onChange={() => show(theme, look.value.seed)}
                  />
                  <Icon name={icon} />
                  <span>{t(`look.${theme}`)}</span>
                </label>
              ))}
            </fieldset>
            <Colours seed={look.value.seed} onPick={(seed) => show(look.value.theme, seed)} />
            <LanguageSelect
              onChange={(code) => void speak(code).then(() => save({ language: code }))}
            />
          </Card>
        </>
      )}
    </WhenLoaded>
  );
}

/** No seed stands for the server's own colour, so that choosing it follows the server when that changes. */
function Colours({ seed, onPick }: { seed: string | null; onPick: (seed: string | null) => void }) {
  const chosen = seed?.toLowerCase() ?? null;
  const brand = server.value?.brand_color ?? defaultSeed;
  const known = chosen === null || swatches.some(([, value]) => value === chosen);
  return (
    <fieldset class="swatches">
      <legend>{t("look.colour")}</legend>
      <label class="swatch" style={{ "--tone": brand }} title={t("look.colour.server")}>
        <input
          type="radio"
          name="seed"
          value=""
          aria-label={t("look.colour.server")}
          checked={chosen === null}
          onChange={() => onPick(null)}
        />
        <Icon name="check" />
      </label>
      {swatches.map(([name, value]) => (
        <label class="swatch" key={name} data-tone={name} title={t(`look.colour.${name}`)}>
          <input
            type="radio"
            name="seed"
            value={value}
            aria-label={t(`look.colour.${name}`)}
            checked={value === chosen}
            onChange={() => onPick(value)}
          />
          <Icon name="check" />
        </label>
      ))}
      <label class={known ? "swatch" : "swatch chosen"} data-tone="own" title={t("look.colour.own")}>
        <input
          type="color"
          aria-label={t("look.colour.own")}
          value={chosen ?? brand}
          onChange={(event) => onPick(event.currentTarget.value)}
        />
        <Icon name={known ? "palette" : "check"} />
      </label>
    </fieldset>
  );
}
