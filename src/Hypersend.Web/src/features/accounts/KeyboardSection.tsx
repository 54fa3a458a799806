import { t } from "../../app";
import { Switch } from "../../ui/Switch";
import { sendsOnEnter, setSendsOnEnter } from "../shell/preferences";
import { command } from "../shell/shortcuts";
import { ShortcutTable } from "../shell/ShortcutSheet";
import { Card } from "./Section";

export function KeyboardSection() {
  return (
    <>
      <Card><Switch label={t("keys.enter")} hint={t("keys.enter.text", { keys: `${command} + Enter` })} on={sendsOnEnter.value} onChange={setSendsOnEnter} /></Card>
      <Card title={t("keys.title")}><ShortcutTable /></Card>
    </>
  );
}
