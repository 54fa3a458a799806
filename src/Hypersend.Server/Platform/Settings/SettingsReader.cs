using System.Globalization;
using System.Text.Json;

namespace Hypersend.Server.Platform.Settings;

/// <summary>
/// Reads flat settings (environment, .env, appsettings.json, command line) and collects every wrong one, so that the
/// start stops once and names them all.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly HashSet<string> Secret =
        ["SECRET_KEY", "SECRET_KEY_PREVIOUS", "PASSWORD_PEPPER", "ENCRYPTION_KEY", "VAPID_PRIVATE_KEY", "METRICS_TOKEN", "DATABASE_URL", "STORAGE_URL", "REDIS_URL", "SMTP_URL"];

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names somebody asked for; others in a .env file are spelling mistakes.</summary>
    public IReadOnlySet<string> Asked => _asked;

    public bool IsSet(string name) => !string.IsNullOrWhiteSpace(configuration[name]);

    public string? Text(string name)
    {
        _asked.Add(name);
        var value = configuration[name];
        foreach (var alias in SettingAliases.Of(name))
        {
            _asked.Add(alias);
            value ??= configuration[alias];
        }

        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public string Text(string name, string unset) => Text(name) ?? unset;

    public int Whole(string name, int unset, int min, int max, string unit) => (int)Long(name, unset, min, max, unit);

    public long Long(string name, long unset, long min, long max, string unit)
    {
        if (Text(name) is not { } text)
            return unset;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Refuse(name, text, string.Create(CultureInfo.InvariantCulture, $"a whole number of {unit} from {min} to {max}"), unset.ToString(CultureInfo.InvariantCulture));
        return unset;
    }

    public bool Switch(string name, bool unset)
    {
        switch (Text(name)?.ToUpperInvariant())
        {
            case null:
                return unset;
            case "ON" or "TRUE" or "1" or "YES":
                return true;
            case "OFF" or "FALSE" or "0" or "NO":
                return false;
            default:
                Refuse(name, Text(name)!, "on or off", unset ? "on" : "off");
                return unset;
        }
    }

    public string Choice(string name, string unset, params string[] choices)
    {
        if (Text(name) is not { } text)
            return unset;
        if (choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        Refuse(name, text, "one of " + string.Join(", ", choices), unset);
        return unset;
    }

    /// <summary>Commas or a JSON array.</summary>
    public IReadOnlyList<string> List(string name)
    {
        if (Text(name) is not { } text)
            return [];
        if (!text.StartsWith('['))
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new JsonException())];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Refuse(name, text, "a list with commas, or a JSON array of strings", "a,b,c or [\"a\",\"b\"]");
            return [];
        }
    }

    /// <summary>A value only the caller can judge: <paramref name="read"/> gives null when it is wrong.</summary>
    public T Parsed<T>(string name, T unset, Func<string, T?> read, string shape, string example)
        where T : class
    {
        if (Text(name) is not { } text)
            return unset;
        if (read(text) is { } value)
            return value;
        Refuse(name, text, shape, example);
        return unset;
    }

    public void Refuse(string name, string value, string shape, string example) =>
        _problems.Add($"{name}={Shown(name, value)}: it must be {shape} (for example {name}={example}).");

    public void Refuse(string sentence) => _problems.Add(sentence);

    public void ThrowIfWrong()
    {
        if (_problems.Count > 0)
            throw new WrongSettingsException(_problems);
    }

    // A wrong value is shown so that it can be found, but never one that may hold a secret.
    private static string Shown(string name, string value) => Secret.Contains(name) ? "(not shown)" : value;
}
