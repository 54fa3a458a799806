namespace Hypersend.Server.Features.Imports;

/// <summary>What an export wrote, by the names it gave to its pieces.</summary>
internal interface IImportSource : IDisposable
{
    /// <summary>With strokes for folders.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Only for a name that is among them.</summary>
    Stream Open(string name);
}
