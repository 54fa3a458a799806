import { t } from "../app";

/** Over plain http from another machine the browser withholds some powers; one line says which. */
export function PlainHttp() {
  return isSecureContext ? null : <p class="small soft">{t("app.plain")}</p>;
}
