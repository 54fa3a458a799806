using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts.Search;

/// <summary>A message that was found, and where it says what was looked for.</summary>
public sealed record FoundMessage : Message
{
    [JsonConstructor]
    public FoundMessage()
    {
    }

    [SetsRequiredMembers]
    public FoundMessage(Message message)
        : base(message)
    {
        Highlights = [];
    }

    /// <summary>Parts of <c>content</c>, in their order.</summary>
    public required IReadOnlyList<Highlight> Highlights { get; init; }
}

/// <summary>A part of a text, in UTF-16 code units as JavaScript counts them.</summary>
public sealed record Highlight
{
    public required int Start { get; init; }

    public required int Length { get; init; }
}

/// <summary>A file that was found, and the message that carries it.</summary>
public sealed record FoundFile
{
    public required SharedFile File { get; init; }

    public required MessageId MessageId { get; init; }

    public required ChatId ChatId { get; init; }

    public required Person Sender { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A chat of mine by its name; of a direct one, the name is the other person's.</summary>
public sealed record FoundChat
{
    public required ChatId Id { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }
}

/// <summary>A few of everything that goes by the words.</summary>
public sealed record SearchAnswer
{
    public required IReadOnlyList<User> People { get; init; }

    public required IReadOnlyList<FoundChat> Chats { get; init; }

    public required IReadOnlyList<FoundFile> Files { get; init; }

    public required IReadOnlyList<FoundMessage> Messages { get; init; }
}
