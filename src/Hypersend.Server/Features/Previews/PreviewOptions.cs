using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Previews;

/// <summary>Whether the server looks at pages that people link to.</summary>
internal sealed record PreviewOptions
{
    public bool On { get; init; }

    public required Uri OwnUrl { get; init; }

    public static PreviewOptions From(SettingsReader settings, ServerOptions server) =>
        new() { On = settings.Switch("LINK_PREVIEWS", false), OwnUrl = server.PublicUrl };
}
