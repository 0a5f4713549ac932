# The ID of the notebook, a UUID, as the console shows it.
terraform import modelarts_notebook.training a55eba18-1ebf-4e9a-8229-d2d3b593a3dc

# One of another region than the provider's: REGION/ID.
terraform import modelarts_notebook.training ap-southeast-1/a55eba18-1ebf-4e9a-8229-d2d3b593a3dc
