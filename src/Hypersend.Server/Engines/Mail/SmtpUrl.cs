namespace Hypersend.Server.Engines.Mail;

/// <summary>Reads <c>smtp://user:password@host:587?tls=starttls</c>.</summary>
internal sealed record SmtpUrl(string Host, int Port, string? User, string? Password, bool StartTls)
{
    public const string Shape = "smtp://user:password@host:587?tls=starttls (tls=off only inside one machine; implicit TLS on port 465 is not spoken)";

    public const string Example = "smtp://hypersend:secret@mail.example.org:587?tls=starttls";

    // A server on this port waits for a TLS greeting while we wait for its plain one: both would wait for ever.
    private const int ImplicitTlsPort = 465;

    /// <summary>Null when the text is no such address.</summary>
    public static SmtpUrl? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "smtp" || url.Host.Length == 0 || url.Port == ImplicitTlsPort)
            return null;
        bool? startTls = url.Query switch
        {
            "" => url.UserInfo.Length > 0,
            "?tls=starttls" => true,
            "?tls=off" => false,
            _ => null,
        };
        if (startTls is not { } secure)
            return null;
        var login = url.UserInfo.Split(':', 2);
        return new SmtpUrl(
            url.Host,
            url.Port < 0 ? (secure ? 587 : 25) : url.Port,
            login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            secure);
    }

    public override string ToString() => $"smtp://{Host}:{Port}";
}
