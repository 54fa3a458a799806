#!/usr/bin/env bash
# Builds the samples against the packages that "make packages" makes and nothing else of this repository, and runs two of
# them against a server: as somebody would who has only the packages. "make samples" makes the packages first.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
packages=$root/artifacts/packages
out=$root/artifacts/samples
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf 'samples: %s\n' "$*"; }
fail() {
  say "$1"
  [ ! -f "${2:-}" ] || tail -n 20 "$2"
  exit 1
}

[ -f "$packages/Hypersend.Sdk.$version.nupkg" ] || fail "there are no packages: run \"make packages\""

# Each becomes a project of somebody else: no settings of this repository, and a package cache of its own, for in that of
# this machine an older package may lie under the same number.
rm -rf "$out"
mkdir -p "$out"
echo '<Project />' | tee "$out/Directory.Build.props" >"$out/Directory.Packages.props"
for sample in EchoBot FolderBackup ChannelTail; do
  mkdir "$out/$sample"
  cp "samples/$sample/Program.cs" "$out/$sample/"
  cat >"$out/$sample/$sample.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestorePackagesPath>$out/cache</RestorePackagesPath>
    <RestoreAdditionalProjectSources>$packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Hypersend.Sdk" Version="[$version]" />
  </ItemGroup>
</Project>
PROJECT
  dotnet build "$out/$sample" -o "$out/$sample/out" -v quiet -nologo -clp:NoSummary || fail "$sample does not build against the packages"
done
say "all three build against Hypersend.Sdk $version"

scratch=$(mktemp -d)
server='' bot=''
cleanup() {
  [ -z "$bot" ] || kill "$bot" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT

dotnet build src/Hypersend.Server -p:SkipWeb=true -v quiet -nologo -clp:NoSummary
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
dotnet src/Hypersend.Server/bin/Debug/net10.0/hypersend-server.dll --urls="$url" --DATA_ROOT="$scratch/data" >"$scratch/server.log" 2>&1 &
server=$!

until_true() { # until_true WHAT COMMAND...: tries for a minute
  local what=$1
  shift
  for _ in {1..300}; do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  fail "$what" "$scratch/server.log"
}

until_true "the server does not answer" curl -sf "$url/health"
export HYPERSEND_PASSWORD='correct horse battery'
sign_up() { curl -sf "$url/api/v1/auth/register" -H 'Content-Type: application/json' -d "{\"username\":\"$1\",\"email\":\"$1@example.org\",\"password\":\"$HYPERSEND_PASSWORD\"}"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
token=$(sign_up ana | field access_token)
echo_id=$(sign_up echo | field id)
api() { curl -sf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }

mkdir -p "$scratch/documents/below"
echo one >"$scratch/documents/one.txt"
echo two >"$scratch/documents/below/two.txt"
dotnet "$out/FolderBackup/out/FolderBackup.dll" "$url" ana "$scratch/documents" >"$scratch/backup.log" || fail "FolderBackup failed" "$scratch/backup.log"
[ "$(api "$url/api/v1/files/list" | grep -o '"state":"ready"' | wc -l)" -eq 2 ] || fail "FolderBackup did not send two files" "$scratch/backup.log"
dotnet "$out/FolderBackup/out/FolderBackup.dll" "$url" ana "$scratch/documents" >"$scratch/again.log" || fail "FolderBackup failed" "$scratch/again.log"
[ ! -s "$scratch/again.log" ] || fail "FolderBackup sent something twice" "$scratch/again.log"
say "FolderBackup sent two files, and nothing twice"

dotnet "$out/EchoBot/out/EchoBot.dll" "$url" echo >"$scratch/bot.log" 2>&1 &
bot=$!
until_true "EchoBot does not listen" grep -q Listening "$scratch/bot.log"
chat=$(api "$url/api/v1/chats" -d "{\"type\":\"direct\",\"member_ids\":[\"$echo_id\"]}" | field id)
api "$url/api/v1/messages" -d "{\"chat_id\":\"$chat\",\"content\":\"hello\"}" >/dev/null
has_two() { [ "$(api "$url/api/v1/messages/$chat" | grep -o '"content":"hello"' | wc -l)" -ge 2 ]; }
until_true "EchoBot did not answer" has_two
say "EchoBot answered"
