using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace AiPlatform.WebApi.Shared;

/// <summary>Has a value of the path that is all blanks arrive as it was sent: MVC would make <see langword="null"/> of it, where there is always a text.</summary>
internal sealed class BlankRouteValues : IDisplayMetadataProvider
{
    public void CreateDisplayMetadata(DisplayMetadataProviderContext context)
    {
        if (context.Attributes.OfType<FromRouteAttribute>().Any())
        {
            context.DisplayMetadata.ConvertEmptyStringToNull = false;
        }
    }
}
