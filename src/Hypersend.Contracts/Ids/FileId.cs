using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A file, from the first word of its upload on; the id of the upload is the same.</summary>
[JsonConverter(typeof(IdConverter<FileId>))]
public readonly record struct FileId(Guid Value) : IId<FileId>
{
    public static FileId From(Guid value) => new(value);

    public static FileId Parse(string s, IFormatProvider? provider) => IdText.Read<FileId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out FileId result)
    {
        result = IdText.Read<FileId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
