/** Emoji by groups, each with English words to find it by; those of other languages come when the picker is opened (emojiNames.ts). */
const source = {
  smileys:
    "😀 grin happy|😃 smile joy|😄 laugh happy|😁 beam grin|😆 laugh squint|😅 sweat relief|🤣 rofl laugh|😂 tears joy laugh|🙂 slight smile|🙃 upside down|🫠 melting|😉 wink|😊 blush smile|😇 angel halo|🥰 love hearts|😍 heart eyes love|🤩 star wow|😘 kiss|😗 kiss whistle|😚 kiss closed|🥲 tear smile|😋 yum tasty|😛 tongue|😜 wink tongue crazy|🤪 zany crazy|😝 tongue squint|🤑 money|🤗 hug|🤭 giggle oops|🫢 gasp|🤫 quiet shush secret|🤔 think hmm|🫡 salute|🤐 zip silent|🤨 doubt brow|😐 neutral|😑 blank|😶 silent|😏 smirk|😒 bored unamused|🙄 eye roll|😬 grimace awkward|😮‍💨 sigh exhale|🤥 lie|😌 calm relief|😔 sad pensive|😪 sleepy|🤤 drool|😴 sleep zzz|😷 mask sick|🤒 fever ill|🤕 hurt bandage|🤢 nausea sick|🤮 vomit|🤧 sneeze cold|🥵 hot|🥶 cold freeze|🥴 dizzy woozy|😵 dizzy dead|🤯 mind blown|🤠 cowboy|🥳 party celebrate|🥸 disguise|😎 cool sunglasses|🤓 nerd|🧐 monocle inspect|😕 confused|🫤 meh|😟 worried|🙁 frown sad|😮 wow surprise|😯 hushed|😲 astonished|😳 flushed shy|🥺 please beg|🥹 touched tears|😦 frown|😧 anguish|😨 fear scared|😰 anxious sweat|😥 sad relief|😢 cry sad|😭 sob cry|😱 scream shock|😖 confound|😣 persevere|😞 disappointed|😓 sweat tired|😩 weary|😫 tired|🥱 yawn bored|😤 huff angry|😡 rage angry|😠 angry|🤬 swear curse|😈 devil|👿 devil angry|💀 skull dead|💩 poop|🤡 clown|👻 ghost|👽 alien|🤖 robot|😺 cat|🙈 monkey see|🙉 monkey hear|🙊 monkey speak",
  people:
    "👍 thumbs up yes good like|👎 thumbs down no bad|👌 ok perfect|✌️ peace victory|🤞 luck fingers|🫰 snap love|🤟 love you|🤘 rock|🤙 call me|👈 left point|👉 right point|👆 up point|👇 down point|☝️ one up|✋ stop hand|🤚 hand back|🖐️ hand five|🖖 spock|👋 wave hello bye|🤏 little pinch|✊ fist|👊 punch fist|👏 clap bravo|🙌 hooray hands|🫶 heart hands|👐 open hands|🤲 palms|🤝 handshake deal|🙏 thanks please pray|✍️ write|💪 strong muscle|🧠 brain|👀 eyes look|👁️ eye|👄 mouth|👶 baby|🧒 child|👦 boy|👧 girl|🧑 person|👨 man|👩 woman|🧓 older|👴 grandpa|👵 grandma|🙋 raise hand|🤷 shrug|🤦 facepalm|🙇 bow sorry|🧑‍💻 developer computer|🧑‍🏫 teacher|🧑‍🍳 cook|🧑‍🚀 astronaut|👮 police|🕵️ detective|🎅 santa|🧙 wizard|🧟 zombie|🏃 run|🚶 walk|💃 dance|🕺 dance man|👫 couple|👨‍👩‍👧 family",
  nature:
    "🐶 dog|🐱 cat|🐭 mouse|🐹 hamster|🐰 rabbit|🦊 fox|🐻 bear|🐼 panda|🐨 koala|🐯 tiger|🦁 lion|🐮 cow|🐷 pig|🐸 frog|🐵 monkey|🐔 chicken|🐧 penguin|🐦 bird|🦆 duck|🦅 eagle|🦉 owl|🐺 wolf|🐴 horse|🦄 unicorn|🐝 bee|🦋 butterfly|🐌 snail|🐞 ladybug|🐢 turtle|🐍 snake|🐙 octopus|🐠 fish|🐬 dolphin|🐳 whale|🦈 shark|🐘 elephant|🐪 camel|🦒 giraffe|🌵 cactus|🎄 christmas tree|🌲 tree|🌴 palm|🌱 seedling grow|🍀 luck clover|🍁 maple autumn|🌹 rose|🌻 sunflower|🌸 blossom|🌍 earth world|🌙 moon|⭐ star|🌟 glow star|✨ sparkles|⚡ lightning fast|🔥 fire hot|🌈 rainbow|☀️ sun|⛅ cloud|🌧️ rain|❄️ snow|☔ umbrella|🌊 wave sea",
  food:
    "🍎 apple|🍊 orange|🍋 lemon|🍌 banana|🍉 melon|🍇 grapes|🍓 strawberry|🍒 cherry|🍑 peach|🥭 mango|🍍 pineapple|🥥 coconut|🥝 kiwi|🍅 tomato|🥑 avocado|🌶️ chili hot|🌽 corn|🥕 carrot|🍞 bread|🥐 croissant|🧀 cheese|🥚 egg|🍳 breakfast|🥞 pancake|🍔 burger|🍟 fries|🍕 pizza|🌭 hotdog|🌮 taco|🌯 wrap|🥗 salad|🍝 pasta|🍜 noodles soup|🍛 curry rice|🍣 sushi|🍚 rice|🍦 ice cream|🍩 donut|🍪 cookie|🎂 birthday cake|🍰 cake|🍫 chocolate|🍬 candy|🍿 popcorn|☕ coffee|🍵 tea|🥛 milk|🥤 drink|🍺 beer|🍻 cheers beer|🍷 wine|🥂 cheers|🍾 champagne|🧉 mate",
  places:
    "⚽ football soccer|🏀 basketball|🏈 football|⚾ baseball|🎾 tennis|🏐 volleyball|🏏 cricket|🏓 pingpong|🏸 badminton|🥊 boxing|🏆 trophy win|🥇 gold first|🎯 target goal|🎮 game|🎲 dice|🧩 puzzle|🎨 art|🎬 film|🎤 sing mic|🎧 headphones|🎸 guitar|🎹 piano|🎉 party tada|🎊 confetti|🎁 gift present|🎈 balloon|🚗 car|🚕 taxi|🚌 bus|🚑 ambulance|🚒 fire truck|🚜 tractor|🚲 bike|🛵 scooter|✈️ plane travel|🚀 rocket launch ship|🚁 helicopter|🚂 train|🚢 ship|⛵ boat|🏠 home house|🏢 office|🏥 hospital|🏫 school|🏖️ beach|🏝️ island|🏔️ mountain|🗺️ map|⛺ tent camp",
  things:
    "❤️ heart love|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💕 hearts|💯 hundred perfect|💢 anger|💥 boom|💦 drops|💨 fast wind|💤 sleep|✅ check done yes|☑️ check|❌ cross no|❗ important|❓ question|⚠️ warning|🚫 forbidden no|♻️ recycle|➕ plus|➖ minus|🔴 red|🟢 green|🔵 blue|🟡 yellow|⌚ watch|📱 phone|💻 laptop|🖥️ computer|🖨️ printer|📷 camera|🎥 video|📞 call|🔋 battery|🔌 plug|💡 idea bulb|🔦 torch|🕯️ candle|💰 money|💳 card|💎 gem|🔧 wrench fix|🔨 hammer|⚙️ gear settings|🔒 lock|🔑 key|🔍 search|📌 pin|📎 clip|✂️ scissors|📝 note write|✏️ pencil|📅 calendar|📈 chart up|📉 chart down|📦 package box|📧 mail|📢 announce|🔔 bell|🔕 mute|🎵 music|⏰ alarm|⏳ hourglass wait|📚 books|📁 folder|🗑️ trash|🚩 flag|🏁 finish|🏳️‍🌈 pride",
} as const;

export type EmojiGroup = keyof typeof source;

export interface Emoji {
  readonly sign: string;
  readonly words: string;
}

export const emojiGroups: readonly { name: EmojiGroup; sign: string; emojis: readonly Emoji[] }[] =
  (Object.keys(source) as EmojiGroup[]).map((name) => {
    const emojis = source[name].split("|").map((entry) => {
      const [sign, ...words] = entry.split(" ");
      return { sign: sign!, words: words.join(" ") };
    });
    return { name, sign: emojis[0]!.sign, emojis };
  });

export interface EmojiNames {
  /** What it is called in the person's language. */
  readonly name: string;
  /** All that it can be found by there. */
  readonly words: readonly string[];
}

/** Of a file of src/emoji: each entry is a sign, its name and further words. */
export const readEmojiNames = (entries: readonly string[]): ReadonlyMap<string, EmojiNames> => new Map(entries.map((entry) => {
  const [sign, name, ...more] = entry.split("|");
  return [sign!, { name: name!, words: [name!, ...more].flatMap((word) => [word, ...word.split(" ")]) }];
}));

/** Letters that somebody may type without their accents; the vowel signs of other scripts stay. */
const folded = (text: string): string => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("œ", "oe");

export function findEmoji(query: string, names: ReadonlyMap<string, EmojiNames>): Emoji[] {
  const wanted = query.trim().toLowerCase().split(/\s+/);
  return emojiGroups.flatMap((group) => group.emojis).filter((emoji) => {
    const words = [...emoji.words.split(" "), ...(names.get(emoji.sign)?.words ?? [])];
    return wanted.every((part) => emoji.sign === part || words.some((word) => begins(word, folded(part))));
  });
}

/** Chinese and Japanese have no spaces, so that a word may stand anywhere. */
const begins = (word: string, part: string): boolean => {
  const plain = folded(word);
  return plain.startsWith(part) || (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(part) && plain.includes(part));
};
