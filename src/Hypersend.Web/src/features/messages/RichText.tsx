import { useMemo, useState } from "preact/hooks";
import { t } from "../../app";
import { parseRichText, type Block, type Inline } from "../../core/richText";
import { CopyButton } from "../accounts/CopyButton";
import { openByName } from "../people/openPerson";

export function RichText({ text }: { text: string }) {
  const blocks = useMemo(() => parseRichText(text), [text]);
  return <>{blocks.map((block, index) => <OneBlock key={index} block={block} />)}</>;
}

function OneBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case "code":
      return (
        <figure class="code-block">
          <figcaption><span>{block.language}</span><CopyButton text={block.text} /></figcaption>
          <pre dir="ltr" tabIndex={0}><code>{block.text}</code></pre>
        </figure>
      );
    case "quote":
      return <blockquote dir="auto"><Nodes nodes={block.children} /></blockquote>;
    case "lines":
      return <p class="lines" dir="auto"><Nodes nodes={block.children} /></p>;
  }
}

function Nodes({ nodes }: { nodes: readonly Inline[] }) {
  return <>{nodes.map((node, index) => <Node key={index} node={node} />)}</>;
}

function Node({ node }: { node: Inline }) {
  switch (node.kind) {
    case "text":
      return <>{node.text}</>;
    case "bold":
      return <strong><Nodes nodes={node.children} /></strong>;
    case "italic":
      return <em><Nodes nodes={node.children} /></em>;
    case "strike":
      return <s><Nodes nodes={node.children} /></s>;
    case "code":
      return <code dir="ltr">{node.text}</code>;
    case "spoiler":
      return <Spoiler nodes={node.children} />;
    case "link":
      return <a href={node.href} target="_blank" rel="noopener noreferrer nofollow"><Nodes nodes={node.children} /></a>;
    case "mention":
      return node.name === "all"
        ? <strong class="mention">@all</strong>
        : <button type="button" class="mention" onClick={() => openByName(node.name)}><bdi>@{node.name}</bdi></button>;
  }
}

function Spoiler({ nodes }: { nodes: readonly Inline[] }) {
  const [open, setOpen] = useState(false);
  return open
    ? <span><Nodes nodes={nodes} /></span>
    : (
      <button type="button" class="spoiler" aria-label={t("message.spoiler")} onClick={() => setOpen(true)}>
        <span aria-hidden="true"><Nodes nodes={nodes} /></span>
      </button>
    );
}
