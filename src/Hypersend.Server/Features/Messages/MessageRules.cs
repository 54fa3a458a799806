using System.Globalization;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Messages;

/// <summary>What a message must be like, whichever door it comes through.</summary>
internal static class MessageRules
{
    private const int LongestClientId = 100;
    private const int LongestEmoji = 16;
    private const int MostFiles = 100;
    private const long LongestLife = 31_536_000;

    /// <summary>Null when the form is right; rights are another matter.</summary>
    public static Failure? Refuse(SendMessageRequest request)
    {
        if (request.ChatId is null)
            return Failure.OfField(ErrorCodes.ValidationFailed, "chat_id", "is required");
        if (request.ClientId is { } clientId && RefuseClientId(clientId) is { } refusal)
            return refusal;
        if (request.ExpiresIn is < 1 or > LongestLife)
            return Failure.OfField(ErrorCodes.ValidationFailed, "expires_in", "must be a second to a year, in seconds");
        if (request.FileIds is { Count: > MostFiles })
            return Failure.OfField(ErrorCodes.ValidationFailed, "file_ids", "must have at most 100 entries");
        if (request.ForwardOf is not null && string.IsNullOrEmpty(request.Content))
            return null;
        return request.FileIds is { Count: > 0 } ? RefuseText(request.Content ?? "") : RefuseContent(request.Content);
    }

    public static Failure? RefuseContent(string? content) =>
        string.IsNullOrWhiteSpace(content) ? Failure.OfField(ErrorCodes.EmptyMessage, "content", "must not be empty") : RefuseText(content);

    /// <summary>The same for what may be empty: the words beside a file.</summary>
    public static Failure? RefuseText(string content)
    {
        if (TextRules.HasNul(content) || TextRules.HasLoneSurrogate(content))
            return Failure.OfField(ErrorCodes.InvalidText, "content", "must not contain the character U+0000 or half of a surrogate pair");
        if (content.Length > SendMessageRequest.MaxContent && CodePoints.Count(content) > SendMessageRequest.MaxContent)
            return Failure.OfField(ErrorCodes.ValidationFailed, "content", "must have at most 10000 characters");
        return null;
    }

    public static NewMessage ToNew(UserId sender, SendMessageRequest request) => new()
    {
        Sender = sender,
        Chat = request.ChatId!.Value,
        Content = request.Content ?? "",
        ClientId = request.ClientId,
        ReplyTo = request.ReplyTo,
        Thread = request.Thread,
        ForwardOf = request.ForwardOf,
        Files = ToFiles(request.FileIds),
        ExpiresInSeconds = request.ExpiresIn,
        NoPreview = request.NoPreview == true,
    };

    // One named twice is carried once; a word that is no id is the id of nothing, and refused as such.
    private static IReadOnlyList<FileId> ToFiles(IReadOnlyList<string>? ids) =>
        ids is null or { Count: 0 } ? [] : [.. ids.Select(id => IdText.Read<FileId>(id)).Distinct()];

    /// <summary>
    /// Something short to react with: an emoji in all its forms, or a word such as :shipit: or +1 of other clients. It has to
    /// stand in an address, where a dot or a slash means something else.
    /// </summary>
    public static bool IsEmoji(string? text)
    {
        if (text is not { Length: > 0 and <= LongestEmoji * 2 } || TextRules.HasLoneSurrogate(text) || CodePoints.Count(text) > LongestEmoji)
            return false;
        return IsWord(text) || (!text.All(char.IsAscii) && text.EnumerateRunes().All(IsPictorial));
    }

    // Of plain characters only those that keycaps are made of.
    private static bool IsPictorial(Rune rune) => rune.IsAscii
        ? rune.Value is '#' or '*' or (>= '0' and <= '9')
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

    private static bool IsWord(string text) =>
        text.Trim(':') is { Length: > 0 } word && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '+');

    private static Failure? RefuseClientId(string clientId)
    {
        if (clientId.Length == 0 || CodePoints.Count(clientId) > LongestClientId)
            return Failure.OfField(ErrorCodes.ValidationFailed, "client_id", "must have 1 to 100 characters");
        return TextRules.HasNul(clientId) || TextRules.HasLoneSurrogate(clientId)
            ? Failure.OfField(ErrorCodes.InvalidText, "client_id", "must not contain the character U+0000 or half of a surrogate pair")
            : null;
    }
}
