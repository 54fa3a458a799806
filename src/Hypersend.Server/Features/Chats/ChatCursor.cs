using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Chats;

/// <summary>The places where pages of chats and members go on, wrapped so that nobody builds on them.</summary>
internal static class ChatCursor
{
    public static string Of(ActivityMark mark) =>
        Wrap(string.Create(CultureInfo.InvariantCulture, $"{mark.At.ToUnixTimeMilliseconds()}:{mark.No}"));

    public static string Of(long no) => Wrap(no.ToString(CultureInfo.InvariantCulture));

    public static string Of(UserId user) => Wrap(user.ToString());

    public static bool TryRead(string? cursor, out ActivityMark? after)
    {
        after = null;
        if (string.IsNullOrEmpty(cursor))
            return true;
        var parts = Unwrap(cursor).Split(':');
        if (parts.Length != 2 || !TryNumber(parts[0], out var at) || !TryNumber(parts[1], out var no) || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return false;
        after = new ActivityMark(DateTimeOffset.FromUnixTimeMilliseconds(at), no);
        return true;
    }

    public static bool TryRead(string? cursor, out long? before)
    {
        before = null;
        if (string.IsNullOrEmpty(cursor))
            return true;
        if (!TryNumber(Unwrap(cursor), out var no))
            return false;
        before = no;
        return true;
    }

    public static bool TryRead(string? cursor, out UserId after)
    {
        after = default;
        if (string.IsNullOrEmpty(cursor))
            return true;
        after = IdText.Read<UserId>(Unwrap(cursor));
        return after != default;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Wrap(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    private static string Unwrap(string cursor) =>
        cursor.Length <= 100 && Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";
}
