using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Mail;

/// <summary>Which letters this server writes that nobody asked for at that moment.</summary>
internal sealed record MailOptions
{
    /// <summary>Whether people may ask for a mail of what waits. Files that only the owner of the machine opens are no such mail.</summary>
    public bool Digests { get; init; }

    public static MailOptions From(SettingsReader settings) => new() { Digests = settings.Switch("MAIL_DIGESTS", settings.Text("SMTP_URL") is not null) };
}
