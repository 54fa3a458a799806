using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hypersend.Sdk.Transfers;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class RelayJson : JsonSerializerContext;
