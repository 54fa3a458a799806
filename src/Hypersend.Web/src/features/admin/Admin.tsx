import { t } from "../../app";
import { paths, placeOf } from "../../core/places";
import { AppBar } from "../../ui/AppBar";
import { Confirmations } from "../../ui/Confirm";
import { Menus } from "../../ui/Menu";
import { back, go, path } from "../../ui/router";
import { Segments } from "../../ui/Segments";
import { AdminPeople } from "./AdminPeople";
import { AdminServer } from "./AdminServer";
import "../../styles/parts.css";
import "../chats/chats.css";
import "../accounts/account.css";
import "./admin.css";


export function Admin() {
  const place = placeOf(path.value);
  const section = place.name === "admin" && place.section === "server" ? "server" : "people";
  return (
    <div class="admin">
      <AppBar title={t("admin.title")} onBack={() => back(paths.chats)} />
      <main id="content" class="admin-body" tabIndex={-1}>
        <Segments
          label={t("admin.title")}
          value={section}
          choices={[{ value: "people", text: t("filter.direct") }, { value: "server", text: t("admin.server") }]}
          onChange={(next) => go(paths.admin(next), true)}
        />
        {section === "people" ? <AdminPeople /> : <AdminServer />}
      </main>
      <Menus />
      <Confirmations />
    </div>
  );
}
