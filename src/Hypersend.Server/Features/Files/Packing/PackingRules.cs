namespace Hypersend.Server.Features.Files.Packing;

/// <summary>Which files get a second, smaller form: pure decisions.</summary>
internal static class PackingRules
{
    /// <summary>Of a smaller file, what would be saved is not worth a second one.</summary>
    public const long Smallest = 1L << 20;

    /// <summary>What is packed cannot be gone on with in the middle; a larger one is worth more when it can.</summary>
    public const long Largest = 1L << 30;

    /// <summary>The first state of a file with this type and size; null when nobody would try.</summary>
    public static string? FirstState(string mime, long size) =>
        size is > Smallest and <= Largest && MediaTypes.IsCompressible(mime) ? PackingStates.Wanted : null;

    /// <summary>It has to save a fifth, or it is not worth its place on the disk.</summary>
    public static bool Pays(long packed, long size) => packed * 5 < size * 4;

    /// <summary>There has to be more than the free space that everybody's messages and uploads are promised.</summary>
    public static bool HasRoom(long? free, long floor, long more) => free is not { } left || left - more > 2 * floor;
}

/// <summary>What the row of a file says of its second form.</summary>
internal static class PackingStates
{
    public const string Wanted = "wanted";

    public const string None = "none";

    public const string Gzip = "gzip";
}
