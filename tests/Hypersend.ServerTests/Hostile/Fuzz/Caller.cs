using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>Makes calls: a route, what stands in its address, headers and a body.</summary>
internal sealed partial class Caller
{
    private readonly Dice _dice;
    private readonly Junk _junk;
    private readonly Bodies _bodies;
    private readonly Forms _forms;
    private readonly Headers _headers;

    public Caller(Dice dice, Known known, JsonNode document)
    {
        _dice = dice;
        _junk = new Junk(dice, known);
        _bodies = new Bodies(dice, _junk, document);
        _forms = new Forms(dice, _junk);
        _headers = new Headers(dice, _junk);
    }

    /// <summary>The call, and whether it says truly who calls.</summary>
    public (Operation Operation, bool IsOwn, HttpRequestMessage Request) Next(IReadOnlyList<Operation> operations, string token)
    {
        var operation = _dice.Of(operations);
        var path = Places().Replace(operation.Path, place => Uri.EscapeDataString(Sound(_junk.Id(place.Value == "{id}" ? operation.Path[..place.Index] : place.Value))));
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), path + Query(operation));
        if (operation.Method is not ("GET" or "HEAD" or "OPTIONS") && !_dice.OneIn(12))
        {
            var (body, type) = Body(operation);
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (operation.Path.Contains("/tus", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        if (_dice.OneIn(2))
            _headers.Put(request);
        return (operation, request.Headers.Authorization?.Parameter == token, request);
    }

    private (byte[] Body, string Type) Body(Operation operation)
    {
        if (Forms.MayBeReadBy(operation.Path) ? !_dice.OneIn(3) : _dice.OneIn(20))
            return _forms.Any();
        return (_bodies.Of(operation.Body), operation.Path.Contains("/tus", StringComparison.Ordinal) ? "application/offset+octet-stream" : "application/json");
    }

    private string Query(Operation operation)
    {
        var said = new List<string>();
        foreach (var (name, schema) in operation.Queries)
        {
            for (var times = _dice.OneIn(15) ? 2 : _dice.Below(2); times > 0; times--)
                said.Add(name + "=" + Uri.EscapeDataString(Sound(_bodies.TextOf(name, schema))));
        }

        if (_dice.OneIn(8))
            said.Add(Uri.EscapeDataString(Sound(_junk.Text())) + "=" + Uri.EscapeDataString(Sound(_junk.Text())));
        return said.Count == 0 ? "" : "?" + string.Join('&', said);
    }

    /// <summary>What an address may hold: one that is too long, or has a zero in it, the web server refuses by itself before there is a route.</summary>
    private static string Sound(string text) => text is "." or ".." ? "dots" : text[..Math.Min(text.Length, 1_000)].Replace('\0', '0');

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Places();
}
