namespace Hypersend.Server.Platform.Settings;

/// <summary>Settings that stop the start, each with its name, its shape and an example.</summary>
internal sealed class WrongSettingsException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems => problems;
}
