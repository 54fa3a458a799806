using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>Upload-Metadata: pairs of a word and its value in base64, and what of it we understand.</summary>
internal static class TusMetadata
{
    // A client that says nothing of its file still has one.
    private const string Nameless = "file";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Result<IReadOnlyDictionary<string, string>> Read(string header)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = pair.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 2 || !TryDecode(words.Length == 2 ? words[1] : "", out var value) || !pairs.TryAdd(words[0], value))
                return Failure.OfField(ErrorCodes.MalformedRequest, TusHeaders.Metadata, "must be pairs of a key, each once, and a value in base64");
        }

        return pairs;
    }

    /// <summary>The same wishes as in POST /files/init.</summary>
    public static Result<InitUploadRequest> ToRequest(IReadOnlyDictionary<string, string> said, long? size)
    {
        var request = new InitUploadRequest
        {
            Filename = said.GetValueOrDefault("filename") ?? said.GetValueOrDefault("name") ?? Nameless,
            Mime = Filled(said.GetValueOrDefault("filetype") ?? said.GetValueOrDefault("type")),
            Size = size,
            Path = Filled(said.GetValueOrDefault("path")),
            Caption = said.GetValueOrDefault("caption"),
            ClientId = Filled(said.GetValueOrDefault("client_id")),
        };
        if (Filled(said.GetValueOrDefault("chat_id")) is { } chat)
        {
            if (!Guid.TryParseExact(chat, "D", out var id))
                return Failure.OfField(ErrorCodes.ValidationFailed, "chat_id", "must be the id of a chat");
            request = request with { ChatId = new ChatId(id) };
        }

        if (Filled(said.GetValueOrDefault("retention")) is { } wish)
        {
            if (ReadRetention(wish) is not { } retention)
                return Failure.OfField(ErrorCodes.ValidationFailed, "retention", "must be one of its modes, or its JSON");
            request = request with { Retention = retention };
        }

        return Check(request) is { } refusal ? refusal : request;
    }

    /// <summary>What the framework checks of a body, checked of headers.</summary>
    private static Failure? Check(object request)
    {
        var wrong = new List<ValidationResult>();
        if (Validator.TryValidateObject(request, new ValidationContext(request), wrong, validateAllProperties: true))
            return null;
        return new Failure(ErrorCodes.ValidationFailed)
        {
            Errors = wrong.GroupBy(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.MemberNames.First())).ToDictionary(
                field => field.Key,
                field => (IReadOnlyList<string>)[.. field.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ErrorMessage}"))]),
        };
    }

    private static Retention? ReadRetention(string wish)
    {
        if (!wish.StartsWith('{'))
            return new Retention { Mode = wish };
        try
        {
            return JsonSerializer.Deserialize(wish, HypersendJson.Wire.Retention);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool TryDecode(string base64, out string value)
    {
        value = "";
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return false;
        try
        {
            value = Strict.GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
