# The ID of the image, a UUID, as the console shows it.
terraform import modelarts_notebook_image.vision 4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42

# One of another region than the provider's: REGION/ID.
terraform import modelarts_notebook_image.vision ap-southeast-1/4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42
