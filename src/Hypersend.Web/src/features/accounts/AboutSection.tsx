import { server, serverName, t } from "../../app";
import { BrandMark } from "../../ui/Screen";
import { PlainHttp } from "../../ui/PlainHttp";
import { Card } from "./Section";

export function AboutSection() {
  return (
    <Card>
      <div class="row"><BrandMark /><div class="stack tight"><h3>{serverName()}</h3><p class="soft small">{t("about.version", { version: server.value?.version ?? "" })}</p></div></div>
      <p>{t("login.text")}</p>
      <PlainHttp />
    </Card>
  );
}
