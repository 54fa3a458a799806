using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Exports;

namespace Hypersend.Server.Features.Imports;

/// <summary>Reads what an export wrote. What is not as an export writes it is refused, with the place where it stands.</summary>
internal sealed class ReadExport
{
    private const string HeadName = "export.json";
    private const string FilesFolder = "files/";

    private readonly IImportSource _source;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    public ReadExport(IImportSource source)
    {
        (_source, _names) = (source, source.Names.ToHashSet(StringComparer.Ordinal));

        // files/<id>/<name>: the bytes of a file, by its id.
        foreach (var name in _names)
        {
            if (name.StartsWith(FilesFolder, StringComparison.Ordinal) && name.IndexOf('/', FilesFolder.Length) is > 0 and var end)
                _files.TryAdd(name[FilesFolder.Length..end], name);
        }
    }

    public static string MessagesOf(ChatId chat) => $"chats/{chat}/messages.jsonl";

    public static string MembersOf(ChatId chat) => $"chats/{chat}/members.json";

    public bool Has(string name) => _names.Contains(name);

    /// <summary>The bytes of a file; null when they are not in it.</summary>
    public Stream? OpenFile(FileId id) => _files.TryGetValue(id.ToString(), out var name) ? Open(name) : null;

    /// <summary>The person's picture; null when there is none.</summary>
    public Stream? OpenPicture() => _names.FirstOrDefault(name => name.StartsWith("avatar.", StringComparison.Ordinal)) is { } name ? Open(name) : null;

    public async Task<ExportHead> HeadAsync(CancellationToken cancellation)
    {
        if (!Has(HeadName))
            throw new ImportRefusedException($"This is no export: there is no {HeadName} in it.");
        var head = await OneAsync(HeadName, ExportJson.Default.ExportHead, cancellation);
        return head.Format switch
        {
            < 1 => throw new ImportRefusedException($"{HeadName} does not say of which format it is."),
            > ExportPerson.Format => throw new ImportRefusedException($"This export is of a newer version ({head.MadeBy}). Use that version, or a newer one."),
            _ => head,
        };
    }

    public async Task<T> OneAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            await using var stream = Open(name);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellation) ?? throw new JsonException("There is nothing in it.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new ImportRefusedException($"{name} is damaged, and nothing was taken: {exception.Message}", exception);
        }
    }

    /// <summary>The objects of a file that has one a line.</summary>
    public async IAsyncEnumerable<T> LinesAsync<T>(string name, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = Open(name);
        using var reader = new StreamReader(stream);
        for (var number = 1; ; number++)
        {
            if (await LineAsync(name, reader, cancellation) is not { } line)
                yield break;
            yield return Parse(name, number, line, type);
        }
    }

    /// <summary>What is said of a line that is wrong.</summary>
    public static ImportRefusedException Refusal(string name, int line, string why, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}, line {line} is damaged, and nothing was taken: {why}"), inner);

    private static async Task<string?> LineAsync(string name, StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (InvalidDataException exception)
        {
            throw new ImportRefusedException($"{name} is damaged, and nothing was taken: {exception.Message}", exception);
        }
    }

    private static T Parse<T>(string name, int number, string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("There is nothing in it.");
        }
        catch (JsonException exception)
        {
            throw Refusal(name, number, exception.Message, exception);
        }
    }

    private Stream Open(string name) => Has(name) ? _source.Open(name) : throw new ImportRefusedException($"This export is not whole: {name} is missing.");
}
