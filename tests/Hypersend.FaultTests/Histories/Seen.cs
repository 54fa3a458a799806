namespace Hypersend.FaultTests.Histories;

/// <summary>A message as it is read when all is over; what is said by the server itself has no content.</summary>
internal sealed record SeenMessage(string Id, long Seq, long Rev, string? Content)
{
    public string? Key => Content is null ? null : Operation.KeyOf(Content);
}

/// <summary>A chat as it is read when all is over.</summary>
internal sealed record SeenChat(string Id, long LastSeq, long Rev, IReadOnlyList<SeenMessage> Messages);

/// <summary>What one client's screen made of the events of a chat, and what it showed a second time.</summary>
internal sealed record SeenScreen(string Who, string Chat, long Rev, IReadOnlyList<SeenMessage> Messages, IReadOnlyList<string> ShownTwice);

/// <summary>A file as it comes back.</summary>
internal sealed record SeenFile(string Id, string Root);

/// <summary>All that is looked at when all is over.</summary>
internal sealed record Aftermath(IReadOnlyList<SeenChat> Chats, IReadOnlyList<SeenScreen> Screens, IReadOnlyList<SeenFile> Files);
