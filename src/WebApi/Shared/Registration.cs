using System.Text.Json;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.Gateway;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

internal static class Registration
{
    public static void AddWebApi(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();

        // These name each request with its query, and three routes document a token there. While nobody could read what they write,
        // the host makes no trace of each call either.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<AddressOptions>>(ForwardedFor.Trust);
        services.AddOptions<HostOptions>()
            .Configure<IOptions<PlatformOptions>>((host, platform) => host.ShutdownTimeout = platform.Value.StopTimeout);
        services.AddSingleton<Stopping>();
        services.AddScoped<HttpCallContext>();
        services.AddTransient<ICallContext>(provider => provider.GetRequiredService<HttpCallContext>());
        services.AddScoped<HttpAnswerChannel>();
        services.AddTransient<IAnswerChannel>(provider => provider.GetRequiredService<HttpAnswerChannel>());
        services.AddSingleton<ApiPrefixes>();
        services.AddSingleton<ErrorWriter>();
        services.AddSingleton<JsonBodyReader>();
        services.AddSingleton<LocalTimeText>();
        services.AddOptions<ListenAddresses>()
            .Configure<IConfiguration>((options, configuration) => options.Urls = configuration[ListenAddresses.Key])
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ListenAddresses>, ListenAddressesValidator>();
        services.AddSingleton<IObjectModelValidator, PipelineValidatesInstead>();
        services.AddPlainControllers();
    }

    private static void AddPlainControllers(this IServiceCollection services)
    {
        // Controllers without the framework's own authorization: the pipeline decides, and its middleware would pass over every call.
        services.AddMvcCore(mvc =>
            {
                // Bodies are read by JsonBodyBinder and by the upload alone; a form reader in front would swallow them.
                mvc.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                mvc.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
                mvc.ModelMetadataDetailsProviders.Add(new BlankRouteValues());
            })
            .AddApiExplorer()
            .AddDataAnnotations()
            .ConfigureApiBehaviorOptions(api =>
            {
                api.SuppressModelStateInvalidFilter = true;
                api.SuppressMapClientErrors = true;
                api.SuppressInferBindingSourcesForParameters = true;
            })
            .AddJsonOptions(json =>
            {
                json.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
                json.JsonSerializerOptions.PropertyNameCaseInsensitive = false;

                // A body is bounded by its route before it is bound: none is deeper than this, and MVC alone would take half of it.
                json.JsonSerializerOptions.MaxDepth = RelayResults.MaxBodyDepth;
                json.JsonSerializerOptions.Converters.Add(new SuppliedConverterFactory());
            });
    }
}
