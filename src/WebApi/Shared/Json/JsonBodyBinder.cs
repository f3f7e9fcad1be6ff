using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Swagger;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>Binds a request from its JSON body; without fields where there is none that can be read, or nobody for whom it is read.</summary>
internal sealed class JsonBodyBinder(
    HttpCallContext call, IBodyAdmission admission, JsonBodyReader reader, BodyBuffers buffers, IOptions<JsonOptions> json) : IModelBinder
{
    private static readonly ReadOnlyMemory<byte> NoFields = "{}"u8.ToArray();

    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var http = bindingContext.HttpContext;
        var request = http.GetEndpoint()?.Metadata.GetMetadata<ISends>()?.Request ?? bindingContext.ModelType;
        if (await admission.AdmitsAsync(request, http.RequestAborted))
        {
            call.Body = await reader.ReadAsync(http.Request, buffers, http.RequestAborted);
        }

        var fields = call.Body.State is BodyState.Read ? call.Body.Json : NoFields;
        var model = JsonSerializer.Deserialize(fields.Span, bindingContext.ModelType, json.Value.JsonSerializerOptions);
        bindingContext.Result = ModelBindingResult.Success(model);
    }
}
