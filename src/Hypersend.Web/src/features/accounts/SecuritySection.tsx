import { DeleteCard } from "./DeleteCard";
import { PasswordCard } from "./PasswordCard";
import { TwoStepCard } from "./TwoStepCard";

export function SecuritySection() {
  return (
    <>
      <PasswordCard />
      <TwoStepCard />
      <DeleteCard />
    </>
  );
}
