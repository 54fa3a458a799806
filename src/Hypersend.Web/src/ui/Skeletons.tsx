import { t } from "../app";

/** Rows of a list that is on its way, in the shape of what comes. */
export function RowSkeletons({ count = 6 }: { count?: number }) {
  return (
    <div class="row-skeletons">
      <p role="status" class="unseen">{t("app.loading")}</p>
      {Array.from({ length: count }, (_, index) => (
        <div class="row-skeleton" key={index} aria-hidden="true">
          <span class="skeleton round" />
          <span class="stack tight grow"><span class="skeleton line" /><span class="skeleton line short" /></span>
        </div>
      ))}
    </div>
  );
}
