using System.ComponentModel.DataAnnotations;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Users;

public static class Audiences
{
    public const string Everyone = "everyone";
    public const string Contacts = "contacts";
    public const string Nobody = "nobody";
}

public static class DigestModes
{
    public const string Off = "off";
    public const string Daily = "daily";
}

/// <summary>A person's own settings, the same on all their devices. Absent parts of a PUT stay as they are.</summary>
public sealed record UserSettings
{
    public PrivacySettings? Privacy { get; init; }

    public NotificationSettings? Notifications { get; init; }

    public AppearanceSettings? Appearance { get; init; }

    /// <summary>A language tag such as de or bho; empty for the browser's choice.</summary>
    [RegularExpression("([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2})?", ErrorMessage = "must be a language tag such as de or pt-BR, or empty")]
    public string? Language { get; init; }
}

public sealed record PrivacySettings
{
    [OneOf(Audiences.Everyone, Audiences.Contacts, Audiences.Nobody)]
    public string? LastSeen { get; init; }

    /// <summary>Who may open a direct chat with me; one that is there already goes on.</summary>
    [OneOf(Audiences.Everyone, Audiences.Contacts, Audiences.Nobody)]
    public string? Messages { get; init; }

    /// <summary>Who may bring me into groups, channels and rooms.</summary>
    [OneOf(Audiences.Everyone, Audiences.Contacts, Audiences.Nobody)]
    public string? Groups { get; init; }

    /// <summary>Let others see how far I have read; without it they see that messages reached me.</summary>
    public bool? ReadReceipts { get; init; }
}

/// <summary>What a person wants to be told of; every device of theirs goes by it.</summary>
public sealed record NotificationSettings
{
    [OneOf("all", "mentions", "nothing")]
    public string? Level { get; init; }

    /// <summary>Show what a message says, not only that there is one.</summary>
    public bool? Preview { get; init; }

    public bool? Sound { get; init; }

    /// <summary>From this time of day nothing is pushed, as 22:00; empty for no quiet hours.</summary>
    [RegularExpression("(([01][0-9]|2[0-3]):[0-5][0-9])?", ErrorMessage = "must be a time of day such as 22:00, or empty")]
    public string? QuietFrom { get; init; }

    /// <summary>Until this time of day, which may be the next morning.</summary>
    [RegularExpression("(([01][0-9]|2[0-3]):[0-5][0-9])?", ErrorMessage = "must be a time of day such as 07:00, or empty")]
    public string? QuietTo { get; init; }

    /// <summary>Whose time of day: a zone such as Europe/Berlin; empty for UTC.</summary>
    [Text(0, 64)]
    public string? Zone { get; init; }

    /// <summary>A mail that counts what waits, to who has been away for a day: at most one a day.</summary>
    [OneOf(DigestModes.Off, DigestModes.Daily)]
    public string? Digest { get; init; }
}

public sealed record AppearanceSettings
{
    [OneOf("system", "light", "dark")]
    public string? Theme { get; init; }

    /// <summary>The colour from which the palette is made, as #rrggbb; empty for the server's own.</summary>
    [Text(0, 7)]
    public string? Seed { get; init; }
}
