using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Push;

/// <summary>How this server shows itself to push services.</summary>
internal sealed record PushOptions
{
    public string? PrivateKey { get; init; }

    /// <summary>Nodes share a database: a key in the folder of one of them would not do.</summary>
    public bool SharesDatabase { get; init; }

    /// <summary>Where the people of a push service turn when this server misbehaves: mailto: or https:.</summary>
    public required string Contact { get; init; }

    public static PushOptions From(SettingsReader settings, ServerOptions server) => new()
    {
        PrivateKey = settings.Text("VAPID_PRIVATE_KEY"),
        SharesDatabase = settings.Text("DATABASE_URL")?.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true,
        Contact = settings.Parsed(
            "PUSH_CONTACT",
            server.PublicUrl.Scheme == "https" ? server.PublicUrl.GetLeftPart(UriPartial.Authority) : $"mailto:hypersend@{server.PublicUrl.Host}",
            text => text.StartsWith("mailto:", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal) ? text : null,
            "a mailto: or https: address",
            "mailto:admin@example.org"),
    };
}
