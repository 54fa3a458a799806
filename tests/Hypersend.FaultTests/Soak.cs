using System.Globalization;

namespace Hypersend.FaultTests;

/// <summary>What takes minutes: <c>make soak</c> runs it, and <c>make test</c> leaves it out.</summary>
internal static class Soak
{
    /// <summary>The trait by which the runner tells these tests from the others.</summary>
    public const string Trait = "Run";

    public const string Value = "soak";

    /// <summary>How often everything is killed in turn; SOAK_KILLS says otherwise.</summary>
    public static int Kills { get; } = Number("SOAK_KILLS", 6);

    /// <summary>How often every line has every fault; SOAK_FAULTS says otherwise.</summary>
    public static int Faults { get; } = Number("SOAK_FAULTS", 3);

    /// <summary>How often all nodes are restarted one after the other; SOAK_RESTARTS says otherwise.</summary>
    public static int Restarts { get; } = Number("SOAK_RESTARTS", 20);

    /// <summary>How many write at once; SOAK_WRITERS says otherwise.</summary>
    public static int Writers { get; } = Number("SOAK_WRITERS", 1_000);

    /// <summary>How many uploads are open at once; SOAK_UPLOADS says otherwise.</summary>
    public static int Uploads { get; } = Number("SOAK_UPLOADS", 1_000);

    /// <summary>How large files are instead of as large as they are promised; SOAK_BYTES says it.</summary>
    public static long? Bytes { get; } =
        Environment.GetEnvironmentVariable("SOAK_BYTES") is { Length: > 0 } given ? long.Parse(given, CultureInfo.InvariantCulture) : null;

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
