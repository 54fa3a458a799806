import { session } from "../../app";
import { PhotoCard } from "./PhotoCard";
import { ProfileCard } from "./ProfileCard";

export function ProfileSection() {
  const user = session.user.value;
  if (!user) return null;
  return (
    <>
      <PhotoCard user={user} />
      <ProfileCard user={user} />
    </>
  );
}
