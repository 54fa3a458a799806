using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Search;

/// <summary>Whether this node keeps the index in step, or leaves that to another one.</summary>
internal sealed record SearchOptions
{
    public bool KeepsIndex { get; init; }

    public static SearchOptions From(SettingsReader settings) => new() { KeepsIndex = settings.Switch("SEARCH_INDEX", true) };
}
